// Where bars around 1 lie, in percent of their box from above.

/** Room for a number above the highest and below the lowest bar, of the range. */
const MARGIN = 0.16;

/** The lowest and highest factor that a box shows: all values and 1, with room for their numbers. */
export function scaleOf(values: readonly number[]): readonly [number, number] {
  const low = Math.min(1, ...values);
  const high = Math.max(1, ...values);
  const margin = (high - low || 1) * MARGIN;
  return [low < 1 ? low - margin : low, high > 1 ? high + margin : high];
}

export interface Placed {
  readonly top: number;
  readonly height: number;
  /** Where 1 is. */
  readonly level: number;
}

/** The bar from 1 to a value. */
export function barOf(value: number, [low, high]: readonly [number, number]): Placed {
  const placeOf = (factor: number): number => (high === low ? 50 : ((high - factor) / (high - low)) * 100);
  const level = placeOf(1);
  const end = placeOf(value);
  return { top: Math.min(level, end), height: Math.abs(level - end), level };
}
