import { bundleFunction } from '../lib/bundle/bundleFunction.ts';

for (const { name, bytes } of await bundleFunction()) {
  console.error(`dist/function/${name} ${Math.round(bytes / 1024)} KB`);
}
