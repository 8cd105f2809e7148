import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactElement, ReactNode } from "react";

interface ConfirmModalProps {
  readonly header: string;
  /** What the button says. */
  readonly action: string;
  readonly children: ReactNode;
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

/** Asks once more, or for more, before something is done. */
export function ConfirmModal({ header, action, children, onCancel, onConfirm }: ConfirmModalProps): ReactElement {
  return (
    <Modal
      visible
      header={header}
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onCancel}>
              Cancel
            </Button>
            <Button variant="primary" onClick={onConfirm}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {children}
    </Modal>
  );
}
