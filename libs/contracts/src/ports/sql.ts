/** The narrow view of a running transaction that a read port needs. The organization is set on the transaction. */
export interface Sql {
  readonly bucket: number;
  readonly organizationId: number;
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}
