/** Tasks: what is to be done in a property, by whom and until when, once or again and again. */
export * from './tasks.feature';
/** What becomes of a task, for whoever makes many of them at once. */
export * as taskDecisions from './task';
