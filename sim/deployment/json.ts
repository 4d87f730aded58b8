import { z } from 'zod';

/** Any JSON value, as a template, a policy document or an event holds it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
);

/** Parses text that must be JSON. Throws a `SyntaxError` where it is not. */
export function parseJson(text: string): Json {
  return json.parse(JSON.parse(text));
}

/** Parses text that may be JSON: `undefined` where it is not. */
export function parseJsonOrNothing(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Whether a JSON value is an object: neither `null` nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
