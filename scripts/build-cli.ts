import { build } from './build';
import { runMain } from './foreground';

/** `npm run build`. */
runMain(async () => {
  await build();
  return 0;
});
