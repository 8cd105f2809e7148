/** `1 message`, `1,200 messages` */
export function countMessages(count: number): string {
  return count === 1 ? "1 message" : `${count.toLocaleString("en")} messages`;
}
