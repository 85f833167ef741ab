using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>A root section of the configuration: it is read whole, or what nobody reads in it is told.</summary>
/// <param name="Name">As it stands in the configuration.</param>
/// <param name="Settings">The options class that it fills; a property of such a class of ours, or of a list of them, is an object within it.</param>
internal sealed record StrictSection(string Name, Type Settings)
{
    /// <summary>A sentence for every name that nobody reads, and every object in the place of a value.</summary>
    public IEnumerable<string> Mistakes(IConfiguration configuration) =>
        Find((IConfigurationRoot)configuration, isOfOthers: false);

    /// <summary>
    /// The same for what only a variable of the environment sets and no name of ours resembles: on a machine where
    /// another program calls a section the same, that is no reason not to start.
    /// </summary>
    public IEnumerable<string> Strangers(IConfiguration configuration) =>
        Find((IConfigurationRoot)configuration, isOfOthers: true);

    private IEnumerable<string> Find(IConfigurationRoot root, bool isOfOthers) =>
        Within(root.GetSection(Name), Settings)
            .Where(mistake => IsOfOthers(root, mistake) == isOfOthers)
            .Select(mistake => mistake.Sentence);

    private static IEnumerable<Mistake> Within(IConfigurationSection section, Type settings)
    {
        var names = SettingNames.Of(settings);
        foreach (var child in section.GetChildren())
        {
            if (!names.Hold(child.Key))
            {
                var isNear = Nearest.Find(child.Key, names) is not null;
                yield return new Mistake(child.Path, SettingNames.Unknown(child, names), isNear);
                continue;
            }

            var type = settings.GetProperty(names.First(name => IsSame(name, child.Key)))!.PropertyType;
            foreach (var mistake in InValue(child, type))
            {
                yield return mistake;
            }
        }
    }

    // The framework's binder would silently leave the default.
    private static IEnumerable<Mistake> InValue(IConfigurationSection value, Type type)
    {
        var isOurs = IsOurs(type);
        var isSingle = type.IsValueType || type == typeof(string);
        var expected =
            isSingle ? (value.GetChildren().Any() ? "a single value, not a list or an object" : null)
            : string.IsNullOrEmpty(value.Value) ? null
            : isOurs ? "an object: write its settings in braces, { … }"
            : "a list: write it in brackets, [ … ]";
        return expected is not null ? [new Mistake(value.Path, $"{value.Path} must be {expected}.", true)]
            : isOurs ? Within(value, type)
            : type.GenericTypeArguments is [var entry] && IsOurs(entry)
                ? value.GetChildren().SelectMany(child => InValue(child, entry))
            : [];
    }

    private static bool IsOurs(Type type) => type.Assembly == typeof(StrictSection).Assembly;

    private static bool IsOfOthers(IConfigurationRoot root, Mistake mistake) =>
        !mistake.IsNear
        && root.Providers.All(provider =>
            provider is EnvironmentVariablesConfigurationProvider || !Holds(provider, mistake.Path)
        );

    private static bool Holds(IConfigurationProvider provider, string path) =>
        provider.TryGet(path, out _) || provider.GetChildKeys([], path).Any();

    private static bool IsSame(string name, string key) =>
        string.Equals(name, key, StringComparison.OrdinalIgnoreCase);

    /// <summary>Something that would be passed over.</summary>
    /// <param name="Path">The setting.</param>
    /// <param name="Sentence">What is wrong with it.</param>
    /// <param name="IsNear">It is meant for us: one of our names, or nearly.</param>
    private sealed record Mistake(string Path, string Sentence, bool IsNear);
}

/// <summary>Refuses to start with a section that is not read whole.</summary>
internal sealed class StrictSectionCheck<TOptions>(StrictSection section, IConfiguration configuration)
    : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var mistakes = section.Mistakes(configuration).ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}

/// <summary>The one way in which a folder's options class is filled from the configuration.</summary>
internal static class StrictSections
{
    /// <summary>Binds a root section, checked at the start; nothing in it is passed over.</summary>
    public static OptionsBuilder<TOptions> AddSection<TOptions>(this IServiceCollection services, string name)
        where TOptions : class
    {
        var section = new StrictSection(name, typeof(TOptions));
        services.AddSingleton(section);
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new StrictSectionCheck<TOptions>(
            section,
            provider.GetRequiredService<IConfiguration>()
        ));
        return services.AddOptions<TOptions>().BindConfiguration(name).ValidateOnStart();
    }
}
