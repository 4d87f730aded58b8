/** Pages of one listing. No account of a size that Auto Scaling or Route 53 allow comes near it; a listing that never ends does. */
const pagesMax = 1000;

/** Reads pages until there is no next token. A page may be short, or empty, though more follow: only the token counts. */
export async function readPages<Item, Token>(
  what: string,
  readPage: (
    token: Token | undefined,
  ) => Promise<{ readonly items: readonly Item[]; readonly next: Token | undefined }>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let token: Token | undefined;
  for (let count = 0; count < pagesMax; count += 1) {
    const page = await readPage(token);
    items.push(...page.items);
    if (page.next === undefined) {
      return items;
    }
    token = page.next;
  }
  throw new Error(`Cannot ${what}: the listing must end within ${pagesMax} pages: it goes on`);
}

/** Splits a list into chunks of at most so many. */
export function chunksOf<Item>(items: readonly Item[], most: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, index) =>
    items.slice(index * most, (index + 1) * most),
  );
}
