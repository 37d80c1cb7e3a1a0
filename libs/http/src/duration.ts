const DURATION =
  /^P(?=\d|T\d)(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?$/;

/**
 * Milliseconds of a duration of ISO 8601 in days, hours, minutes and whole seconds: `PT15M`, `P1DT12H`.
 * Undefined where the text is none, or one in years, months or weeks, which nobody waits by.
 */
export const millisecondsOf = (text: string): number | undefined => {
  const parts = DURATION.exec(text);
  if (!parts) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
};
