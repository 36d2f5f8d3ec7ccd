/** Works through `items` in a few lanes side by side; each lane does one after the other. */
export async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item, lane: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (;;) {
        const item = items[next];
        next += 1;
        if (item === undefined) return;
        await work(item, lane);
      }
    }),
  );
}
