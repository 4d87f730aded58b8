import { AwsError } from '../awsError.ts';

/** One page of a listing, and the token of the next. */
export interface Page<Item> {
  readonly items: Item[];
  readonly NextToken?: string;
}

/**
 * Cuts one page out of items that are sorted by their key. The token holds the last key shown, so that items that come and go between pages
 * neither repeat nor hide others.
 *
 * @throws AwsError `InvalidNextToken`; `ValidationError` if more records are asked for than the operation gives
 */
export function page<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  request: { readonly NextToken?: string | undefined; readonly MaxRecords?: number | undefined },
  limits: { readonly recordsDefault: number; readonly recordsMax: number },
): Page<Item> {
  const records = request.MaxRecords ?? limits.recordsDefault;
  if (records < 1 || records > limits.recordsMax) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${records}' at 'maxRecords' failed to satisfy constraint: Member must have value between 1 and ${limits.recordsMax}`,
    );
  }
  const after = readToken(request.NextToken);
  const rest = items.filter((item) => after === undefined || keyOf(item) > after);
  const shown = rest.slice(0, records);
  const last = shown.at(-1);
  return {
    items: shown,
    ...(last === undefined || shown.length === rest.length
      ? {}
      : { NextToken: `${tokenPrefix}${Buffer.from(keyOf(last)).toString('base64url')}` }),
  };
}

const tokenPrefix = 'after.';

function readToken(token: string | undefined): string | undefined {
  if (token === undefined) {
    return undefined;
  }
  if (!token.startsWith(tokenPrefix)) {
    throw new AwsError('InvalidNextToken', `Invalid token '${token}'`);
  }
  return Buffer.from(token.slice(tokenPrefix.length), 'base64url').toString();
}
