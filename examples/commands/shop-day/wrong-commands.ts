import { capture, register } from './shop.ts';
import type { Course, Story } from './story.ts';

const registered = (story: Story): Story => {
  register(story, 'manual');
  return story;
};

/** Commands that are none: each is answered as invalid, and leaves no trace. */
export const wrongCommands: readonly Course[] = [
  (story) => registered(story).send('CreateCapture', { amount: 0 }),
  (story) => registered(story).send('CreateCapture', { amount: 12.5 }),
  (story) => registered(story).send('CreateCapture', { amount: '10.00' }),
  (story) => registered(story).send('CreateCapture', { amout: 100 }),
  (story) => registered(story).send('CreateCapture', { deviceIp: '192.0.2.7' }),
  (story) => registered(story).send('RecordCaptureOutcome', { outcome: 'paid' }),
  (story) => story.send('RegisterAuthorization', { amount: story.amount, currency: 'EURO' }),
  (story) => {
    capture(registered(story));
    story.send('CaptureNow', {});
  },
];
