import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactElement, useState } from "react";
import { callApi, type Refused } from "../../api/call-api.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useRevision } from "../../live/live.tsx";
import { go, hrefOf, usePlace } from "../../navigation/place.ts";
import { AnswerError } from "../../parts/answer-error.tsx";
import { PageLayout } from "../../parts/page-layout.tsx";
import { SystemSelect, useSystem } from "../../parts/system-select.tsx";
import { useTell } from "../../shell/notices.tsx";
import { EntryList } from "./entry-list.tsx";

/** Who did what to which messages: each queue's chain, its latest entries first. */
export function AuditPage(): ReactElement {
  const system = useSystem();
  const { query } = usePlace();
  const chains = useAnswer(
    `chains ${system}`,
    (signal) => callApi(system, "list-chains", {}, signal),
    useRevision(system),
  );
  const heads = chains.value?.chains ?? [];
  const chain = query.get("chain") ?? heads[0]?.chain ?? "";
  const head = heads.find((each) => each.chain === chain);
  const options = heads.map(({ chain: value, sequence }) => ({
    value,
    label: value,
    description: `${sequence} entries`,
  }));
  return (
    <PageLayout
      title="Audit"
      description="Who did what to which messages. Entries are only ever added; each holds the hash of the one before."
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Select
            ariaLabel="Queue"
            placeholder="No queue has an audit yet"
            options={options}
            selectedOption={options.find(({ value }) => value === chain) ?? null}
            onChange={({ detail }) => go(hrefOf(["audit"], { system, chain: detail.selectedOption.value }))}
          />
          <SystemSelect />
        </SpaceBetween>
      }
    >
      <AnswerError answered={chains} />
      <EntryList
        key={`${system} ${chain}`}
        system={system}
        chain={chain}
        last={head?.sequence ?? 0}
        header={
          <Header
            variant="h2"
            counter={`(${head?.sequence ?? 0})`}
            actions={<VerifyButtons system={system} chain={chain} />}
          >
            Entries
          </Header>
        }
      />
    </PageLayout>
  );
}

interface VerifyButtonsProps {
  readonly system: string;
  readonly chain: string;
}

/** Checks the chain from its first entry on, and of a FIFO queue that its groups' effects were in sequence. */
function VerifyButtons({ system, chain }: VerifyButtonsProps): ReactElement {
  const [busy, setBusy] = useState(false);
  const tell = useTell();
  const check = async (call: () => Promise<readonly [boolean, string]>): Promise<void> => {
    setBusy(true);
    await call()
      .then(([ok, says]) => tell(ok ? "success" : "error", says))
      .catch((error: Refused) => tell("error", "It could not be checked", error.message));
    setBusy(false);
  };
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {chain.endsWith(".fifo") && (
        <Button disabled={busy} onClick={() => check(() => checkOrder(system, chain))}>
          Check the order
        </Button>
      )}
      <Button disabled={busy || chain === ""} onClick={() => check(() => verifyChain(system, chain))}>
        Verify the chain
      </Button>
    </SpaceBetween>
  );
}

async function verifyChain(system: string, chain: string): Promise<readonly [boolean, string]> {
  const { checks } = await callApi(system, "verify-audit", { chain });
  const broken = checks.flatMap((check) => (check.ok ? [] : [`entry ${check.sequence}: ${check.problem}`]));
  if (broken.length > 0) return [false, `The chain is not as it was written: ${broken.join("; ")}`];
  return [true, "Every entry is as it was written"];
}

async function checkOrder(system: string, queue: string): Promise<readonly [boolean, string]> {
  const { messages, groups, outOfOrder } = await callApi(system, "audit-order", { queue });
  if (outOfOrder.length > 0) return [false, `${outOfOrder.length} effects were out of order`];
  return [true, `The effects of ${messages} failed messages in ${groups} groups were in sequence`];
}
