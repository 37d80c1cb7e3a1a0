import { Test } from '@nestjs/testing';
import { Projector } from '#projections/projector.js';
import { ProjectionsModule } from '#projections/projections.module.js';
import type { AuthorizationReader, Lists } from '#projections/queries.js';
import { AUTHORIZATION_READER, LISTS } from '#projections/tokens.js';
import { systemClock } from '#runtime/system-clock.js';
import { authorization } from '../capture/fixtures.js';
import { Observed, openLedger } from './fixtures.js';
import { key } from './history-writer.js';

it('the module gives what may be asked of views, whoever keeps them', async () => {
  const { store, folder, books } = await openLedger();
  const module = await Test.createTestingModule({
    imports: [ProjectionsModule.forRoot({ store, folder, clock: systemClock })],
  }).compile();
  const stopping = new AbortController();
  const projector = new Projector({ store, folder, clock: systemClock, observer: new Observed() });
  const running = projector.run(stopping.signal);
  await books.write(key('a1'), [authorization()]);

  const lists = module.get<Lists>(LISTS);
  expect(await lists.waitFor(1, 10_000)).toBe(true);
  expect(await module.get<AuthorizationReader>(AUTHORIZATION_READER).read(key('a1'))).toBeDefined();

  stopping.abort();
  await running;
  await module.close();
  await expect(lists.asOf()).rejects.toThrow('closed');
});
