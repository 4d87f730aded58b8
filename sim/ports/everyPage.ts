/** One page of a listing, and the token of the next. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly NextToken: string | undefined;
}

/** Reads a listing to its end by its tokens. */
export function everyPage<Item>(readPage: (from: { readonly NextToken?: string }) => Page<Item>): readonly Item[] {
  const { items, NextToken } = readPage({});
  if (NextToken === undefined) {
    return items;
  }
  const found = [...items];
  for (let token: string | undefined = NextToken; token !== undefined; ) {
    const page = readPage({ NextToken: token });
    found.push(...page.items);
    token = page.NextToken;
  }
  return found;
}
