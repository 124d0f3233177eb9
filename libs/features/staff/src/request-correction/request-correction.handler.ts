import { CorrectionRequested, MemberPort, type Principal, PropertyPort } from '@innkeep/contracts';
import { type Committed, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { type Correction, assertEnded, correctionFacts, correctionView } from '../correction';
import { CorrectionStore } from '../correction.store';
import { shiftTimes } from '../shift';
import { ShiftStore } from '../shift.store';
import type { CorrectionView } from '../staff.answers';
import { assertMayAskFor, assertMaySee, memberFor, propertyFor } from '../staff.policies';
import { correctionPending } from '../staff.problems';
import { businessDayOf } from '../wall-clock';
import { type CorrectionInput, RequestCorrection } from './request-correction.command';

@CommandHandler(RequestCorrection)
export class RequestCorrectionHandler implements ICommandHandler<RequestCorrection> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly shifts: ShiftStore,
    private readonly corrections: CorrectionStore,
    private readonly properties: PropertyPort,
    private readonly members: MemberPort,
  ) {}

  execute({ context, input }: RequestCorrection): Promise<Committed<CorrectionView>> {
    return this.unitOfWork.run(
      context,
      async (unit) => {
        const { principal } = context;
        const about = await this.concerned(unit, principal, input);
        const correction: Correction = {
          correctionId: uuidv7(),
          ...about,
          ...shiftTimes(input, new Date()),
          status: 'pending',
          requestedBy: principal.userId,
        };
        const property = (await this.properties.find(unit, [about.propertyId])).get(about.propertyId)!;
        const businessDay = businessDayOf(new Date(correction.startedAt), property);
        this.corrections.add(unit, correction);
        unit.record(
          CorrectionRequested(
            { ...correctionFacts(correction), businessDay, reason: input.reason },
            { propertyId: about.propertyId, entityId: correction.correctionId },
          ),
        );
        return correctionView(correction);
      },
      { constraints: { corrections_pending: correctionPending } },
    );
  }

  /** Whose shift it is, where, and which one, if there is one. */
  private async concerned(
    unit: OrganizationTransaction,
    principal: Principal,
    { shiftId, propertyId, userId = principal.userId }: CorrectionInput,
  ): Promise<Pick<Correction, 'shiftId' | 'userId' | 'propertyId'>> {
    if (shiftId !== undefined) {
      const shift = await this.shifts.load(unit, shiftId);
      assertMaySee(principal, shift, 'shift');
      assertMayAskFor(principal, shift.userId);
      assertEnded(shift);
      return { shiftId, userId: shift.userId, propertyId: shift.propertyId };
    }
    propertyFor(principal, await this.properties.find(unit, [propertyId!]), propertyId!);
    assertMayAskFor(principal, userId);
    if (userId !== principal.userId) memberFor(principal, await this.members.find(unit, [userId]), userId);
    return { shiftId: null, userId, propertyId: propertyId! };
  }
}
