using System.Globalization;

namespace Load.Peers;

/// <summary>What the system says of a process.</summary>
internal readonly record struct ProcessFigures(int Id)
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    /// <summary>All its threads have computed so far, for itself and in the kernel.</summary>
    public TimeSpan Cpu
    {
        get
        {
            // The name of the program stands in parentheses and may hold anything.
            var text = Read("stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
        }
    }

    public double ResidentMebibytes =>
        Number(Read("statm").Split(' ')[1]) * Environment.SystemPageSize / (1024 * 1024);

    private string Read(string name) =>
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/{name}"));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
