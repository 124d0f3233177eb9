import { CorrectionRejected, PropertyPort, ShiftCorrected } from '@innkeep/contracts';
import { type Committed, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { type Correction, correctionFacts, correctionView, countedOf, isNewDecision } from '../correction';
import { CorrectionStore } from '../correction.store';
import { lockPerson } from '../person-lock.store';
import { PropertyRulesStore } from '../property-rules.store';
import { type Shift, addShift, correctShift, overlaps, snapshotOf } from '../shift';
import { ShiftStore } from '../shift.store';
import type { CorrectionView } from '../staff.answers';
import { assertMayDecide, assertMaySee } from '../staff.policies';
import { refuse } from '../staff.problems';
import { DecideCorrection } from './decide-correction.command';

@CommandHandler(DecideCorrection)
export class DecideCorrectionHandler implements ICommandHandler<DecideCorrection> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly corrections: CorrectionStore,
    private readonly shifts: ShiftStore,
    private readonly rules: PropertyRulesStore,
    private readonly properties: PropertyPort,
  ) {}

  execute({ context, id, decision }: DecideCorrection): Promise<Committed<CorrectionView>> {
    const { principal } = context;
    return this.unitOfWork.run(context, async (unit) => {
      const correction = await this.corrections.load(unit, id);
      assertMaySee(principal, correction, 'correction');
      assertMayDecide(principal, correction);
      if (!isNewDecision(correction, decision)) return correctionView(correction);
      const decided: Correction = { ...correction, status: decision.decision };
      this.corrections.decide(unit, id, decided.status, principal.userId);
      const decisionReason = decision.reason ?? null;
      if (decided.status === 'approved') await this.apply(unit, decided, decisionReason);
      else {
        const about = { propertyId: decided.propertyId, entityId: id };
        unit.record(CorrectionRejected({ ...correctionFacts(decided), decisionReason }, about));
      }
      return correctionView(decided);
    });
  }

  private async apply(unit: OrganizationTransaction, correction: Correction, decisionReason: string | null) {
    const { correctionId, shiftId, userId, propertyId } = correction;
    await lockPerson(unit, userId);
    const before = shiftId === null ? undefined : await this.shifts.load(unit, shiftId);
    const around = await this.shifts.findAround(unit, userId, correction);
    if (around.some((one) => one.shiftId !== shiftId && overlaps(one, correction)))
      throw refuse('shifts-overlap', 'Correct the other one first, or reject this.');
    const property = (await this.properties.find(unit, [propertyId])).get(propertyId)!;
    const rules = await this.rules.find(unit, propertyId);
    const shift: Shift = before
      ? correctShift(before, timesOf(correction), property, rules)
      : addShift(uuidv7(), userId, timesOf(correction), property, rules);
    if (before) this.shifts.save(unit, shift);
    else this.shifts.add(unit, shift);
    const facts = { correctionId, before: before ? countedOf(before) : null, decisionReason };
    unit.record(ShiftCorrected({ ...snapshotOf(shift), ...facts }, { propertyId, entityId: shift.shiftId }));
  }
}

const timesOf = ({ startedAt, endedAt }: Correction) => ({ startedAt, endedAt });
