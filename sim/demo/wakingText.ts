import { z } from 'zod';
import { counted } from './counted.ts';

const eventSchema = z.object({ Records: z.array(z.object({ body: z.string() })) });
const bodySchema = z.object({
  'detail-type': z.string().optional(),
  detail: z.object({ state: z.string().optional() }).optional(),
});

/** What woke the function, by the messages it was invoked with: `3 launch hooks, 1 scheduled sweep`. */
export function wakingText(event: unknown): string {
  const { Records } = eventSchema.parse(event);
  const names = Records.map(({ body }) => nameOf(bodySchema.parse(JSON.parse(body))));
  return [...Map.groupBy(names, (name) => name)].map(([name, same]) => counted(same.length, name)).join(', ');
}

function nameOf(body: z.infer<typeof bodySchema>): string {
  switch (body['detail-type']) {
    case undefined:
      return 'own wake-up';
    case 'Scheduled Event':
      return 'scheduled sweep';
    case 'EC2 Instance-launch Lifecycle Action':
      return 'launch hook';
    case 'EC2 Instance-terminate Lifecycle Action':
      return 'terminate hook';
    case 'EC2 Instance State-change Notification':
      return `"${body.detail?.state ?? ''}" event`;
    case 'Tag Change on Resource':
      return 'tag event';
    default:
      return `"${body['detail-type']}" event`;
  }
}
