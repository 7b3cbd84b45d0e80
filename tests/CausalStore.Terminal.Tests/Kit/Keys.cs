namespace CausalStore.Terminal.Tests.Kit;

internal static class Keys
{
    public static ConsoleKeyInfo Of(char character) =>
        new(character, ConsoleKey.None, shift: false, alt: false, control: false);

    public static ConsoleKeyInfo Of(ConsoleKey key) =>
        new('\0', key, shift: false, alt: false, control: false);

    public static ConsoleKeyInfo Control(ConsoleKey key) =>
        new('\0', key, shift: false, alt: false, control: true);

    public static ConsoleKeyInfo Alt(ConsoleKey key, char character = '\0') =>
        new(character, key, shift: false, alt: true, control: false);
}
