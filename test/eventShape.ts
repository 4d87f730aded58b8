import { isJsonObject, type Json } from '../sim/deployment/json.ts';
import type { EventBridgeEvent } from '../sim/eventBridge.ts';

/** Fields whose text is anybody's. */
const freeTexts: ReadonlySet<string> = new Set([
  'AutoScalingGroupName',
  'Cause',
  'LifecycleHookName',
  'NotificationMetadata',
  'StatusMessage',
]);

/** What stands for itself in a text, and what it is called in a shape; the more particular first. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/(?<=autoScalingGroupName\/|:rule\/).+$/u, '<name>'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, '<uuid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z/gu, '<instant>'],
  [/\bi-[0-9a-f]{8,17}\b/gu, '<instance>'],
  [/\bsubnet-[0-9a-f]{8,17}\b/gu, '<subnet>'],
  [/\b\d{12}\b/gu, '<account>'],
  [/\b[a-z]{2}-[a-z]+-\d[a-z]\b/gu, '<zone>'],
  [/\b[a-z]{2}-[a-z]+-\d\b/gu, '<region>'],
  [/^(?:EC2|AutoScalingGroup|WarmPool)$/u, '<place>'],
];

/**
 * The shape of an event: its keys, the types of its values, the forms of its ids, ARNs and instants, and every text that has a meaning of its own.
 * Two events of one kind have one shape.
 */
export function eventShape(event: EventBridgeEvent): Json {
  const json: unknown = JSON.parse(JSON.stringify(event));
  return shapeOf('', json);
}

function shapeOf(key: string, value: unknown): Json {
  if (typeof value === 'string') {
    return freeTexts.has(key) ? '<text>' : forms.reduce((text, [form, name]) => text.replace(form, name), value);
  }
  if (Array.isArray(value)) {
    const shapes = value.map((item) => shapeOf(key, item));
    return key === 'changed-tag-keys' && value.every((item) => typeof item === 'string') ? '<texts>' : shapes;
  }
  if (isJsonObject(value)) {
    if (key === 'tags' && Object.values(value).every((tag) => typeof tag === 'string')) {
      return '<tags>';
    }
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(name, member)]));
  }
  return `<${value === null ? 'null' : typeof value}>`;
}
