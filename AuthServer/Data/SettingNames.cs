namespace AuthServer.Data;

/// <summary>The names that an object of the configuration may hold, and the sentence for any other.</summary>
internal static class SettingNames
{
    /// <summary>Of everything that the configuration can set in an object of this type.</summary>
    public static IReadOnlyList<string> Of(Type settings) =>
        [
            .. settings
                .GetProperties()
                .Where(property => property.SetMethod is { IsPublic: true })
                .Select(property => property.Name),
        ];

    public static bool Hold(this IReadOnlyList<string> names, string name) =>
        names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>What is told of a name that nobody reads.</summary>
    public static string Unknown(IConfigurationSection setting, IReadOnlyList<string> names) =>
        $"{setting.Path} is not a known setting{Nearest.Of(setting.Key, names)}: there are {string.Join(", ", names)}.";
}
