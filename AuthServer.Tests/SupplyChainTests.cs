using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AuthServer.Tests.Support;

namespace AuthServer.Tests;

/// <summary>What goes into the server, and how it is put into an image.</summary>
[Trait("Requirement", "C-90")]
public class SupplyChainTests
{
    private static readonly string[] Tracked = ListTracked();

    [Fact]
    public void Every_project_has_its_packages_locked_and_takes_their_versions_from_one_place()
    {
        var projects = Tracked.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(projects);
        foreach (var project in projects)
        {
            var folder = Path.GetDirectoryName(project)!;
            Assert.Contains(Path.Combine(folder, "packages.lock.json"), Tracked);
            Assert.DoesNotContain(
                XDocument.Parse(Read(project)).Descendants("PackageReference"),
                reference => reference.Attribute("Version") is not null
            );
        }
    }

    [Theory]
    [InlineData("RestorePackagesWithLockFile")]
    [InlineData("TreatWarningsAsErrors")]
    [InlineData("NuGetAudit")]
    public void A_vulnerable_or_unlocked_package_stops_every_build(string property)
    {
        var common = XDocument.Parse(Read("Directory.Build.props"));

        Assert.Equal("true", common.Descendants(property).Single().Value);
        Assert.DoesNotContain(
            common.Descendants("WarningsNotAsErrors"),
            list => list.Value.Contains("NU19", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_image_runs_as_nobody_special_without_a_shell_on_a_file_system_that_it_cannot_write()
    {
        var image = Read("Dockerfile").Split('\n');
        var user = image.Last(line => line.StartsWith("USER ", StringComparison.Ordinal));

        Assert.Matches("^USER [1-9][0-9]+$", user);
        Assert.Contains(image, line => line.StartsWith("ENTRYPOINT [\"dotnet\"", StringComparison.Ordinal));
        Assert.DoesNotContain(
            image,
            line =>
                Regex.IsMatch(
                    line,
                    "^(ENV|ARG) .*(SECRET|PASSWORD|KEY)=",
                    RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
                )
        );
        Assert.Contains("read_only: true", Read("docker-compose.yml"), StringComparison.Ordinal);
    }

    [ComposeFact]
    public async Task The_compose_file_is_one_that_compose_takes()
    {
        var start = new ProcessStartInfo(ComposeFactAttribute.Program, ["config", "-q"])
        {
            WorkingDirectory = Repository.Root.FullName,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var compose = Process.Start(start)!;
        var complaint = await compose.StandardError.ReadToEndAsync();
        await compose.WaitForExitAsync();

        Assert.True(compose.ExitCode == 0, complaint);
    }

    [Fact]
    public void No_private_key_lies_in_the_repository()
    {
        // In two parts, so that this file does not find itself.
        var mark = "-----BEGIN " + @"[A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}";

        Assert.DoesNotContain(
            Tracked,
            path =>
                Regex.IsMatch(Read(path), mark, RegexOptions.NonBacktracking)
                || path.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase)
                || path.EndsWith(".master-key", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task A_bill_of_materials_names_every_package_with_its_hash()
    {
        var folder = Directory.CreateTempSubdirectory("authserver-bom-");
        try
        {
            // As docs/operations.md says it.
            string[] words =
            [
                "CycloneDX",
                "AuthServer/AuthServer.csproj",
                "--json",
                "--disable-package-restore",
            ];
            var start = new ProcessStartInfo("dotnet", [.. words, "--output", folder.FullName])
            {
                WorkingDirectory = Repository.Root.FullName,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            using var tool = Process.Start(start)!;
            var said = await tool.StandardOutput.ReadToEndAsync();
            await tool.WaitForExitAsync();
            Assert.True(tool.ExitCode == 0, said);

            var bill = JsonNode.Parse(
                await File.ReadAllTextAsync(Path.Combine(folder.FullName, "bom.json"))
            )!;
            var named = bill["components"]!
                .AsArray()
                .Where(part => part!["hashes"] is JsonArray { Count: > 0 })
                .Select(part => $"{part!["name"]} {part["version"]}")
                .ToHashSet(StringComparer.OrdinalIgnoreCase);
            var locked = JsonNode.Parse(Read("AuthServer/packages.lock.json"))!["dependencies"]!["net10.0"]!
                .AsObject()
                .Select(package => $"{package.Key} {package.Value!["resolved"]}");
            Assert.Empty(locked.Except(named, StringComparer.OrdinalIgnoreCase));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root.FullName, path));

    private static string[] ListTracked()
    {
        var start = new ProcessStartInfo("git", ["ls-files"])
        {
            WorkingDirectory = Repository.Root.FullName,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start)!;
        var listed = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return listed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>A fact that needs docker-compose, though no engine: left out, with the reason, where it is missing.</summary>
public sealed class ComposeFactAttribute : FactAttribute
{
    public const string Program = "/usr/bin/docker-compose";

    public ComposeFactAttribute()
    {
        if (
            !File.Exists(Program)
            && Environment.GetEnvironmentVariable("AUTHSERVER_TESTS_REQUIRE_ALL") != "true"
        )
        {
            Skip = $"{Program} is missing; ./test.sh installs it on Debian and Ubuntu.";
        }
    }
}
