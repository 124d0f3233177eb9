import type { Answer } from './api-client';

/** A problem document, and nothing that would tell about the inside. */
export function expectProblem(what: string, answer: Answer, status: number, code?: string): void {
  const told = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`;
  expect([told, answer.status]).toEqual([told, status]);
  expect([told, answer.headers.get('content-type')]).toEqual([
    told,
    expect.stringMatching(/^application\/problem\+json/),
  ]);
  const { problem } = answer;
  expect(problem).toMatchObject({ status, title: expect.any(String), requestId: expect.stringMatching(/^.{8,64}$/) });
  expect(problem.type).toBe(`/problems/${problem.code}`);
  if (code) expect([told, problem.code]).toEqual([told, code]);
  expect(answer.text).not.toMatch(/node_modules|\bat [\w.]+ \(|select |insert /i);
}
