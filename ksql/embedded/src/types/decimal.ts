/** Moves the decimal point in the number's text, because arithmetic would round 1.005. */
function shift(value: number, places: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

/** Rounds to `scale` digits, half away from zero, as in a cast. */
export function roundAwayFromZero(value: number, scale: number): number {
  const rounded = Math.floor(shift(Math.abs(value), scale) + 0.5);
  return (value < 0 ? -1 : 1) * shift(rounded, -scale) + 0;
}

/** Rounds to `scale` digits, half up, as ROUND does. */
export function roundUp(value: number, scale: number): number {
  const scaled = shift(Math.abs(value), scale);
  return shift(value < 0 ? -Math.ceil(scaled - 0.5) : Math.floor(scaled + 0.5), -scale) + 0;
}
