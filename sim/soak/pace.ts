import { durationText } from './durationText.ts';
import { numberText } from './numberText.ts';

/** How fast a soak goes, and how long it still takes at that. */
export interface Pace {
  readonly rate: string;
  readonly left: string;
}

/** The pace of a soak that has run some seeds of a total in so many seconds. */
export function pace(done: number, total: number, seconds: number): Pace {
  const rate = seconds > 0 ? done / seconds : 0;
  return {
    rate: `${numberText(rate)} seeds/s`,
    left: rate > 0 ? `${durationText((total - done) / rate)} left` : 'time left unknown',
  };
}
