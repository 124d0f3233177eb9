import {
  type RecordedEvent,
  TaskAssigned,
  TaskChanged,
  TaskCommented,
  TaskCreated,
  TaskItemTicked,
  TaskPort,
  TaskReminded,
  TaskStatusChanged,
  tags,
} from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { AssignTaskHandler } from './assign-task/assign-task.handler';
import { ChangeTaskHandler } from './change-task/change-task.handler';
import { CreateTaskHandler } from './create-task/create-task.handler';
import { GetBoardHandler } from './get-board/get-board.query';
import { GetTaskHandler } from './get-task/get-task.query';
import { ListCommentsHandler } from './list-comments/list-comments.query';
import { ListTasksHandler } from './list-tasks/list-tasks.query';
import { MakeNextTask } from './make-next-task/make-next-task.command';
import { MakeNextTaskHandler } from './make-next-task/make-next-task.handler';
import { MoveTaskHandler } from './move-task/move-task.handler';
import { propertyCounts } from './property-counts/property-counts.projection';
import { propertyNames } from './property-names/property-names.projection';
import { RemindOfTask } from './remind-of-task/remind-of-task.command';
import { RemindOfTaskHandler } from './remind-of-task/remind-of-task.handler';
import { TaskProgressController } from './task-progress.controller';
import { TaskDocuments } from './task-documents.store';
import { TaskAnswers, TaskStore } from './task.store';
import { TasksController } from './tasks.controller';
import { tasksMails } from './tasks.mails';
import { tasksMigrations } from './tasks.migrations';
import { TickItemHandler } from './tick-item/tick-item.handler';
import { unfinishedTasks } from './unfinished-tasks/unfinished-tasks.projection';
import { WriteCommentHandler } from './write-comment/write-comment.handler';

const touchesTasks = ({ organizationId, data }: RecordedEvent<string, { propertyId: number }>) => [
  tags.organizationTasks(organizationId),
  tags.propertyTasks(data.propertyId),
];

export const tasks = defineFeature({
  name: 'tasks',
  migrations: tasksMigrations,
  commands: [
    CreateTaskHandler,
    ChangeTaskHandler,
    AssignTaskHandler,
    MoveTaskHandler,
    TickItemHandler,
    WriteCommentHandler,
    MakeNextTaskHandler,
    RemindOfTaskHandler,
  ],
  queries: [ListTasksHandler, GetTaskHandler, ListCommentsHandler, GetBoardHandler],
  controllers: [TasksController, TaskProgressController],
  providers: [TaskStore, { provide: TaskPort, useClass: TaskAnswers }],
  documentOwners: [TaskDocuments],
  projections: [propertyNames, unfinishedTasks, propertyCounts],
  mails: tasksMails,
  timed: [
    {
      name: 'make-next-tasks',
      everySeconds: 60,
      due: 'tasks.due_occurrences',
      command: (context, id, now) => new MakeNextTask(context, id, now),
    },
    {
      name: 'remind-of-tasks',
      everySeconds: 10,
      due: 'tasks.due_reminders',
      command: (context, id, now) => new RemindOfTask(context, id, now),
    },
  ],
  // A comment is on no page that is kept; a reminder changes the version of the task, which lists show.
  touches: [TaskCreated, TaskChanged, TaskAssigned, TaskStatusChanged, TaskItemTicked, TaskReminded]
    .map((eventType) => touch(eventType, touchesTasks))
    .concat(touch(TaskCommented, () => [])),
  exported: {
    tables: [
      {
        table: 'tasks.tasks',
        columns: [
          ...[
            'id',
            'property_id',
            'title',
            'description',
            'status',
            'priority',
            'assignee_id',
            'due_on',
            'due_at',
            'due_by',
          ],
          ...[
            'remind_minutes',
            'remind_at',
            'checklist',
            'recurrence',
            'series_id',
            'occurrence',
            'next_on',
            'next_at',
          ],
          ...['created_by', 'created_at', 'finished_at', 'version'],
        ],
        withheld: { sort_at: 'the same as due_by' },
        key: ['id'],
      },
      {
        table: 'tasks.comments',
        columns: ['task_id', 'id', 'author_id', 'text', 'written_at', 'version'],
        key: ['task_id', 'id'],
      },
    ],
    leftOut: {
      'tasks.property_counts': 'made from the tasks, which are there',
      'tasks.property_names': 'the same is among the properties',
      'tasks.unfinished_tasks': 'made from the tasks, which are there',
    },
  },
});
