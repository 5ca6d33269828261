import type { Position } from '../model/spec.js';
import type { Size } from './geometry.js';

/**
 * Where the smaller of two rectangles stands in the larger one: the crop in the image, or the image in its frame.
 *
 * @param room how much larger the larger one is
 * @param oddFirst whether the odd pixel of room goes to the left or the top, as sharp has it for a crop, or to the other side
 */
export function placed(room: Size, position: Position, oddFirst: boolean): { left: number; top: number } {
  const half = (side: number) => Math.floor((side + (oddFirst ? 1 : 0)) / 2);
  const left = position.endsWith('west') ? 0 : position.endsWith('east') ? room.width : half(room.width);
  const top = position.startsWith('north') ? 0 : position.startsWith('south') ? room.height : half(room.height);
  return { left, top };
}
