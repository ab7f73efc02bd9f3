/**
 * Index of the first of `items` that `is` holds for; `items.length` where there is none. It must not hold for any
 * that comes before one for which it does not.
 */
export function firstAt<Item>(items: ArrayLike<Item>, is: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    // In bounds: middle < high <= items.length.
    if (is(items[middle] as Item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
