import { useEffect, useState } from 'preact/hooks';
import { beginLessons, doneSteps, startOver } from '../state/learner.ts';
import { countDone, isLessonDone } from '../text/lesson-progress.ts';
import { type Lesson, lessons, type TabName } from '../text/lessons.ts';
import { Boundary } from './boundary.tsx';
import { ControlNotice } from './control.tsx';

const tabPaths: Record<TabName, string> = { Watch: '/', Play: '/play', Query: '/query' };

/** Lessons that watch the shop, and mark what the visitor has done. */
export function Learn() {
  useEffect(beginLessons, []);
  const done = lessons.filter((lesson) => isLessonDone(lesson, doneSteps.value)).length;
  const [first] = useState(() => lessons.find((lesson) => !isLessonDone(lesson, doneSteps.value)));
  return (
    <>
      <Boundary name="Control">
        <ControlNotice />
      </Boundary>
      <Boundary name="Lessons">
        <p class="intro">
          Each lesson takes about five minutes. It watches this shop, and marks each step when you have done it.
        </p>
        <p class="lessons-head">
          <b role="status">
            {done} of {lessons.length} lessons done
          </b>
          <button type="button" class="button" onClick={startOver}>
            Start over
          </button>
        </p>
        <ol class="lessons">
          {lessons.map((lesson, index) => (
            <li key={lesson.id}>
              <LessonCard lesson={lesson} number={index + 1} isOpen={lesson === first} />
            </li>
          ))}
        </ol>
      </Boundary>
    </>
  );
}

function LessonCard({ lesson, number, isOpen }: { lesson: Lesson; number: number; isOpen: boolean }) {
  const { title, look, why, file } = lesson;
  return (
    <details class="card lesson" open={isOpen}>
      <summary>
        <h2>
          {number}. {title}
        </h2>
        <LessonState lesson={lesson} />
      </summary>
      <h3>What to do</h3>
      <Steps lesson={lesson} />
      <h3>What to look for</h3>
      <p>{look}</p>
      <h3>Why</h3>
      <p>
        {why} <code>{file}</code>
      </p>
    </details>
  );
}

function LessonState({ lesson }: { lesson: Lesson }) {
  if (isLessonDone(lesson, doneSteps.value)) return <span class="state good">done</span>;
  const done = countDone(lesson, doneSteps.value);
  return (
    <span class={done > 0 ? 'state unsure' : 'quiet'}>
      {done} of {lesson.steps.length} steps
    </span>
  );
}

function Steps({ lesson }: { lesson: Lesson }) {
  const done = countDone(lesson, doneSteps.value);
  return (
    <ol class="lesson-steps">
      {lesson.steps.map(({ tab, text, commands }, index) => (
        <li key={text} class={index < done ? 'done' : ''}>
          <span class="tick" role="img" aria-label={index < done ? 'done' : 'not done yet'}>
            {index < done ? '✓' : '○'}
          </span>
          <div>
            {tab && (
              <>
                On <a href={tabPaths[tab]}>{tab}</a>:{' '}
              </>
            )}
            {text}
            {commands?.map(({ startedBy, line }) => (
              <p key={startedBy}>
                with <b>{startedBy}</b>: <code>{line}</code>
              </p>
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}
