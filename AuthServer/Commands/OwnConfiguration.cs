using AuthServer.Data;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace AuthServer.Commands;

/// <summary>
/// The admin's own configuration file: <c>--config file.json</c> or <c>AUTHSERVER_CONFIG</c>. It wins over the
/// appsettings that ship with the server and gives way to secrets in files, environment variables and the command line.
/// </summary>
internal static class OwnConfiguration
{
    public static void AddOwnConfiguration(this WebApplicationBuilder builder, string[] args)
    {
        AddSecrets(builder.Configuration.Sources);
        var path = PathFrom(args) ?? Environment.GetEnvironmentVariable("AUTHSERVER_CONFIG");
        if (string.IsNullOrEmpty(path))
        {
            ShippedSettings.Replace(builder.Configuration.Sources, ownFile: null);
            return;
        }

        if (!File.Exists(path))
        {
            throw new StartupException(
                $"The configuration file '{path}' does not exist: correct --config or AUTHSERVER_CONFIG."
            );
        }

        var sources = builder.Configuration.Sources;
        var file = new JsonConfigurationSource { Path = Path.GetFullPath(path), ReloadOnChange = false };
        file.ResolveFileProvider();
        sources.Insert(IndexOfOverrides(sources), file);
        ShippedSettings.Replace(sources, file);
    }

    // As container engines hand them over: a folder in which each file is named as a setting and holds its value.
    private static void AddSecrets(IList<IConfigurationSource> sources)
    {
        var folder = Environment.GetEnvironmentVariable("AUTHSERVER_SECRETS");
        if (string.IsNullOrEmpty(folder))
        {
            return;
        }

        if (!Directory.Exists(folder))
        {
            throw new StartupException(
                $"The folder '{folder}' does not exist: correct AUTHSERVER_SECRETS, or remove it."
            );
        }

        var files = new KeyPerFileConfigurationSource
        {
            FileProvider = new PhysicalFileProvider(Path.GetFullPath(folder), ExclusionFilters.Hidden),
            ReloadOnChange = false,
        };
        sources.Insert(IndexOfOverrides(sources), files);
    }

    // The last appsettings file is followed by user secrets, environment variables and the command line.
    private static int IndexOfOverrides(IList<IConfigurationSource> sources)
    {
        for (var i = sources.Count - 1; i >= 0; i--)
        {
            if (sources[i] is JsonConfigurationSource)
            {
                return i + 1;
            }
        }

        return sources.Count;
    }

    private static string? PathFrom(string[] args)
    {
        var at = Array.FindIndex(
            args,
            arg => arg == "--config" || arg.StartsWith("--config=", StringComparison.Ordinal)
        );
        return at switch
        {
            -1 => null,
            _ when args[at].StartsWith("--config=", StringComparison.Ordinal) => args[at][
                "--config=".Length..
            ],
            _ => args[at + 1],
        };
    }
}
