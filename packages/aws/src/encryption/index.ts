export { type FieldEncryption, type KmsFieldsOptions, kmsFields } from "./kms-fields.ts";
