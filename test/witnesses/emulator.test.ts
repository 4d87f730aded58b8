import { expect, test } from 'vitest';
import { startMiniStack, startMoto } from './emulator.ts';

test.each([
  ['moto', startMoto],
  ['MiniStack', startMiniStack],
])('%s starts on loopback, answers, and ends', async (_, start) => {
  const emulator = await start();
  expect((await fetch(emulator.endpoint)).status).toBeLessThan(500);
  await emulator.stop();
  await expect(fetch(emulator.endpoint)).rejects.toThrow('fetch failed');
});

test('an emulator that listens on every interface is refused by name', async () => {
  await expect(startMiniStack({ BIND_HOST: '0.0.0.0' })).rejects.toThrow(
    'Cannot run the witness "MiniStack": must listen on loopback only',
  );
});

test('an emulator that does not start is an error that names it', async () => {
  await expect(startMiniStack({ BIND_HOST: 'nowhere.invalid' })).rejects.toThrow(
    'Cannot start the witness "MiniStack": must answer at http://127.0.0.1:',
  );
});
