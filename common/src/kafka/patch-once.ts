/** Makes a patch of kafkajs that takes effect once in a process, however many clients ask for it. */
export function patchOnce(patch: () => void): () => void {
  let isPatched = false;
  return () => {
    if (isPatched) return;
    isPatched = true;
    patch();
  };
}
