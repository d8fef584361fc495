/** Moves the decimal point of a number by writing it, so that 1.005 stays what it says. */
function shift(value: number, places: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

/** Rounds to so many digits behind the point: a half goes away from zero, as in a cast. */
export function roundAwayFromZero(value: number, scale: number): number {
  const rounded = Math.floor(shift(Math.abs(value), scale) + 0.5);
  return (value < 0 ? -1 : 1) * shift(rounded, -scale) + 0;
}

/** Rounds to so many digits behind the point: a half goes up, also below zero, as in ROUND. */
export function roundUp(value: number, scale: number): number {
  const scaled = shift(Math.abs(value), scale);
  return shift(value < 0 ? -Math.ceil(scaled - 0.5) : Math.floor(scaled + 0.5), -scale) + 0;
}
