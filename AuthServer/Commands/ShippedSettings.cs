using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace AuthServer.Commands;

/// <summary>
/// The appsettings that ship with the server: read from beside the program, wherever it is started, and giving way
/// whole to the lists of the admin's own file.
/// </summary>
internal sealed class ShippedSettings(JsonConfigurationSource file, IReadOnlyList<string> replaced)
    : IConfigurationSource
{
    /// <summary>Puts itself in the place of the default appsettings sources.</summary>
    public static void Replace(IList<IConfigurationSource> sources, IConfigurationSource? ownFile)
    {
        var replaced = ownFile is null ? [] : ListsOf(ownFile);
        for (var i = 0; i < sources.Count; i++)
        {
            if (
                sources[i] is JsonConfigurationSource { Path: { } path }
                && path.StartsWith("appsettings", StringComparison.Ordinal)
            )
            {
                var file = new JsonConfigurationSource
                {
                    Path = path,
                    Optional = true,
                    FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
                };
                sources[i] = new ShippedSettings(file, replaced);
            }
        }
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(file, replaced);

    // Configuration mixes lists entry by entry: without this, an admin's first client would get whatever it leaves
    // out, a secret even, from the first demo client. An empty list stands in configuration as an empty value.
    private static List<string> ListsOf(IConfigurationSource ownFile) =>
        [
            .. new ConfigurationBuilder()
                .Add(ownFile)
                .Build()
                .AsEnumerable()
                .Where(pair =>
                    pair.Value is { Length: 0 } || pair.Key.EndsWith(":0", StringComparison.Ordinal)
                )
                .Select(pair => pair.Value is { Length: 0 } ? $"{pair.Key}:" : pair.Key[..^1]),
        ];

    private sealed class Provider(JsonConfigurationSource file, IReadOnlyList<string> replaced)
        : JsonConfigurationProvider(file)
    {
        public override void Load(Stream stream)
        {
            base.Load(stream);
            foreach (var key in Data.Keys.Where(IsReplaced).ToList())
            {
                Data.Remove(key);
            }
        }

        private bool IsReplaced(string key) =>
            replaced.Any(list => key.StartsWith(list, StringComparison.OrdinalIgnoreCase));
    }
}
