/** How far a task is. Which may follow on which is for the tasks to say. */
export const taskStatuses = ['open', 'in-progress', 'blocked', 'done', 'cancelled'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** How much a task presses, the least first. */
export const taskPriorities = ['low', 'normal', 'high', 'urgent'] as const;
export type TaskPriority = (typeof taskPriorities)[number];
