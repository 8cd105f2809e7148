/** The table of HTTP APIs and their parts; `record` is the template's properties, checked. `seq` is the order of their making. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS apigateway_part (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  apiId TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  record TEXT NOT NULL
);
`;
