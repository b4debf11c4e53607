import { UnavailableError } from '../../model/errors.ts';

/** Adds what to do next to an error that leaves something half done. */
export async function withAdvice<T>(advice: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new UnavailableError(`${error.message}. ${advice}`, { cause: error });
  }
}
