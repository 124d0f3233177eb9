/** Tasks: what is to be done in a property, by whom and until when, once or again and again. */
export * from './tasks.feature';
