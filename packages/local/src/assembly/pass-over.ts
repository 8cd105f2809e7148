/** Takes some refusals as done: they say that the call was made before. */
export async function passOver(answer: Promise<unknown>, ...codes: readonly string[]): Promise<void> {
  await answer.catch((error: { readonly code?: string }) => {
    if (!codes.includes(error.code ?? "")) throw error;
  });
}
