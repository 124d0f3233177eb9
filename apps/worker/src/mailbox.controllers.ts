import { Mailbox, mailboxPage } from '@innkeep/platform/mail';
import { Controller, Get, Header, NotFoundException, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
const LOCAL_NAME = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Mails hold one-time tokens: only this machine sees them, and no page of another name that was pointed at it. */
function assertLocal(request: FastifyRequest): void {
  if (!LOOPBACK.test(request.ip) || !LOCAL_NAME.test(request.headers.host ?? '')) throw new NotFoundException();
}

/** The mailbox of a development installation. */
@Controller('dev/mailbox')
export class MailboxController {
  constructor(private readonly mailbox: Mailbox) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  page(@Req() request: FastifyRequest): string {
    assertLocal(request);
    return mailboxPage(this.mailbox.mails);
  }

  @Get('mails')
  @Header('cache-control', 'no-store')
  mails(@Req() request: FastifyRequest) {
    assertLocal(request);
    return { data: this.mailbox.mails };
  }
}
