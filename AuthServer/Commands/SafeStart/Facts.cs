using System.Reflection;
using Microsoft.Extensions.Configuration.Json;

namespace AuthServer.Commands.SafeStart;

/// <summary>All that the rules look at: the settings, and what they cannot say about themselves.</summary>
/// <param name="Settings">The configuration as the server will read it.</param>
/// <param name="OnCommandLine">Keys that were given on the command line.</param>
/// <param name="InShippedFile">Keys that stand in the appsettings.json beside the program.</param>
internal sealed record Facts(
    IConfiguration Settings,
    IReadOnlyCollection<string> OnCommandLine,
    IReadOnlyCollection<string> InShippedFile
)
{
    private static readonly string[] Declarations =
    [
        "Issuer",
        "Clients:0",
        "Apis:0",
        "External:Google:ClientId",
        "External:GitHub:ClientId",
        "External:Microsoft:ClientId",
        "External:Apple:ClientId",
        "External:Oidc:0",
        "Mail:Host",
    ];

    /// <summary>The version of ASP.NET Core that runs us.</summary>
    public Version Runtime { get; init; } = new(10, 0);

    public DateTimeOffset Now { get; init; }

    /// <summary>When the program was built or installed.</summary>
    public DateTimeOffset Built { get; init; }

    public bool IsRoot { get; init; }

    /// <summary>Whether the program could change its own files.</summary>
    public bool MayWriteProgram { get; init; }

    /// <summary>Set for an image that may be tried out, and honoured only while nobody has declared anything.</summary>
    public bool IsTrial => Is($"{UnsafeFlags.Section}:{UnsafeFlags.Trial}") && !Declarations.Any(IsDeclared);

    public static Facts Of(WebApplicationBuilder builder, string[] args)
    {
        var program = new FileInfo(typeof(Facts).Assembly.Location);
        return new Facts(
            builder.Configuration,
            KeysOf(new ConfigurationBuilder().AddCommandLine(args).Build().Providers),
            KeysOf(((IConfigurationRoot)builder.Configuration).Providers.Where(IsShipped))
        )
        {
            Runtime = RuntimeVersion(),
            Now = TimeProvider.System.GetUtcNow(),
            Built = new DateTimeOffset(program.LastWriteTimeUtc),
            IsRoot = Environment.IsPrivilegedProcess,
            MayWriteProgram = MayWrite(program.DirectoryName!),
        };
    }

    /// <summary>The value of a setting; empty when there is none.</summary>
    public string Text(string key) => Settings[key] ?? "";

    public bool Is(string key) => bool.TryParse(Settings[key], out var isSet) && isSet;

    /// <summary>A number, or <paramref name="otherwise"/> when there is none or it is not one: its options class tells that.</summary>
    public int Number(string key, int otherwise) =>
        int.TryParse(Settings[key], System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;

    /// <summary>The texts of a list.</summary>
    public IEnumerable<IConfigurationSection> List(string key) => Settings.GetSection(key).GetChildren();

    private bool IsDeclared(string key) =>
        Settings.GetSection(key) is var section
        && (!string.IsNullOrEmpty(section.Value) || section.GetChildren().Any());

    private static bool IsShipped(IConfigurationProvider provider) =>
        provider is JsonConfigurationProvider { Source.Path: "appsettings.json" };

    private static HashSet<string> KeysOf(IEnumerable<IConfigurationProvider> providers)
    {
        using var root = new ConfigurationRoot([.. providers]);
        return root.AsEnumerable()
            .Where(pair => !string.IsNullOrEmpty(pair.Value))
            .Select(pair => pair.Key)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static Version RuntimeVersion()
    {
        var text = typeof(WebApplication)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion;
        return Version.TryParse(text?.Split('+', '-')[0], out var version) ? version : Environment.Version;
    }

    private static bool MayWrite(string folder)
    {
        try
        {
            var probe = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.DeleteOnClose,
            };
            using var file = new FileStream(Path.Combine(folder, $"{Guid.NewGuid():N}.probe"), probe);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
