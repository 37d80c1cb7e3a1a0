/** What `work` resolves with, or undefined as soon as `signal` is aborted; the work goes on by itself then. */
export const unlessAborted = async <Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result | undefined> => {
  const aborted = Promise.withResolvers<undefined>();
  const abort = (): void => aborted.resolve(undefined);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
