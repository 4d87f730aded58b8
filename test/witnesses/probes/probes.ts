import { ec2 } from './ec2.ts';
import { groups } from './groups.ts';
import { hooksAndWaits } from './hooks.ts';
import { members } from './members.ts';
import type { Probe } from './probe.ts';
import { route53Changes } from './route53Changes.ts';
import { route53Reads } from './route53Reads.ts';
import { sqs } from './sqs.ts';

/** Every question. */
export const probes: readonly Probe[] = [
  ...route53Changes,
  ...route53Reads,
  ...ec2,
  ...sqs,
  ...groups,
  ...hooksAndWaits,
  ...members,
];
