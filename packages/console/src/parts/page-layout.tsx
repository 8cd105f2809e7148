import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactElement, ReactNode } from "react";
import { useTitle } from "../shell/use-title.ts";

interface PageLayoutProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Beside the title. */
  readonly info?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its title, what can be done there, and its parts below. */
export function PageLayout({ title, description, info, actions, children }: PageLayoutProps): ReactElement {
  useTitle(title);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={description} info={info} actions={actions}>
          <span className="break-anywhere">{title}</span>
        </Header>
      }
    >
      <SpaceBetween size="l">{children}</SpaceBetween>
    </ContentLayout>
  );
}
