using System.Reflection;
using AuthServer.Data;

namespace AuthServer.Clients;

/// <summary>An entry of a list of the configuration.</summary>
/// <param name="Path">Where it stands, for sentences about it: <c>Clients:2</c>.</param>
/// <param name="Settings">What stands there.</param>
internal sealed record Entry<T>(string Path, T Settings);

/// <summary>
/// Reads a list of the configuration so that nothing in it is passed over: a misspelt name or a value of the wrong
/// kind is a mistake, where the framework's binder would silently leave the default.
/// </summary>
internal static class StrictList
{
    /// <summary>Every entry, in order; an absent list is an empty one.</summary>
    /// <param name="list">The section of the list.</param>
    /// <param name="mistakes">Receives a sentence per mistake; what is mistaken keeps its default.</param>
    public static List<Entry<T>> Read<T>(IConfigurationSection list, ICollection<string> mistakes)
        where T : new()
    {
        if (!string.IsNullOrEmpty(list.Value))
        {
            mistakes.Add($"{list.Path} must be a list: write it in brackets, [{{ … }}].");
        }

        var entries = new List<Entry<T>>();
        foreach (var entry in list.GetChildren())
        {
            if (string.IsNullOrEmpty(entry.Value))
            {
                entries.Add(new Entry<T>(entry.Path, ReadEntry<T>(entry, mistakes)));
            }
            else
            {
                mistakes.Add($"{entry.Path} must be an object: write its settings in braces, {{ … }}.");
            }
        }

        return entries;
    }

    private static T ReadEntry<T>(IConfigurationSection entry, ICollection<string> mistakes)
        where T : new()
    {
        var settings = new T();
        var properties = typeof(T).GetProperties().Where(property => property.CanWrite).ToList();
        foreach (var section in entry.GetChildren())
        {
            var property = properties.Find(candidate => IsNamed(candidate, section.Key));
            if (property is null)
            {
                mistakes.Add(SettingNames.Unknown(section, SettingNames.Of(typeof(T))));
            }
            else if (Value(section, property.PropertyType, mistakes) is { } value)
            {
                property.SetValue(settings, value);
            }
        }

        return settings;
    }

    private static bool IsNamed(PropertyInfo property, string key) =>
        string.Equals(property.Name, key, StringComparison.OrdinalIgnoreCase);

    // Null, and so the default, for what is absent or mistaken.
    private static object? Value(IConfigurationSection section, Type type, ICollection<string> mistakes)
    {
        if (type == typeof(List<string>))
        {
            return Strings(section, mistakes);
        }

        if (section.GetChildren().Any())
        {
            mistakes.Add($"{section.Path} must be a single value, not a list or an object.");
            return null;
        }

        if (type == typeof(string) || section.Value is null)
        {
            return section.Value;
        }

        if (bool.TryParse(section.Value, out var truth))
        {
            return truth;
        }

        mistakes.Add($"{section.Path} must be true or false.");
        return null;
    }

    private static List<string>? Strings(IConfigurationSection section, ICollection<string> mistakes)
    {
        var entries = section.GetChildren().ToList();
        if (
            !string.IsNullOrEmpty(section.Value) || entries.Exists(entry => string.IsNullOrEmpty(entry.Value))
        )
        {
            mistakes.Add($"{section.Path} must be a list of texts: write [\"…\", \"…\"].");
            return null;
        }

        return [.. entries.Select(entry => entry.Value!)];
    }
}
