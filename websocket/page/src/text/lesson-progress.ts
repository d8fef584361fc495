import type { Seen } from './lesson-steps.ts';
import { type Lesson, lessons } from './lessons.ts';

/** A step's name in the browser's memory. */
const stepName = ({ id }: Lesson, index: number) => `${id}/${index}`;

/** How many steps of a lesson are done. */
export const countDone = (lesson: Lesson, done: ReadonlySet<string>): number =>
  lesson.steps.filter((_, index) => done.has(stepName(lesson, index))).length;

export const isLessonDone = (lesson: Lesson, done: ReadonlySet<string>): boolean =>
  countDone(lesson, done) === lesson.steps.length;

/** The steps that are done now: of each lesson the next one, if its condition is met. */
export const findDone = (done: ReadonlySet<string>, seen: Seen): string[] =>
  lessons.flatMap((lesson) => {
    const next = countDone(lesson, done);
    return lesson.steps[next]?.isDone(seen) ? [stepName(lesson, next)] : [];
  });
