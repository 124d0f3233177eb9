/** What people of made-up organizations are called, guests and staff. */
export const firstNames = [
  ...['Ana', 'Ben', 'Chiara', 'David', 'Elif', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Kavya', 'Liam'],
];
export const lastNames = [
  ...['Almeida', 'Berger', 'Costa', 'Dubois', 'Evans', 'Fischer', 'Garcia', 'Huber', 'Iyer', 'Jansen', 'Khan'],
];
