using System.Runtime.CompilerServices;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using AuthServer.Tests.Support;
using Mono.Cecil;

namespace AuthServer.Tests;

/// <summary>Holds the house to its plan (docs/architecture.md): who may know whom, and how large a file may grow.</summary>
public class ArchitectureTests
{
    // A folder may know only folders above its own line, so the table cannot describe a circle.
    private static readonly (string Folder, string[] MayKnow)[] Table =
    [
        ("Data", []),
        ("Audit", ["Data"]),
        ("Language", ["Data"]),
        ("Edge", ["Audit", "Language", "Data"]),
        ("Layout", ["Language", "Data"]),
        ("Limits", ["Audit", "Edge", "Language", "Data"]),
        ("Mail", ["Data"]),
        ("Telemetry", ["Data"]),
        ("Sessions", ["Audit", "Language", "Data"]),
        ("Upkeep", ["Data"]),
        ("Clients", ["Audit", "Edge", "Data"]),
        ("Keys", ["Audit", "Data"]),
        ("Accounts", ["Sessions", "Limits", "Audit", "Mail", "Edge", "Language", "Data"]),
        ("Connect", ["Sessions", "Limits", "Audit", "Edge", "Language", "Data"]),
        ("Commands", ["Accounts", "Clients", "Keys", "Audit", "Data", "Edge"]),
    ];

    private static readonly string[] Buckets =
    [
        .. "Services Managers Helpers Utils Common Shared Core Infrastructure".Split(' '),
        .. "Extensions Models ViewModels Interfaces Repositories".Split(' '),
    ];

    private static readonly Architecture House = new ArchLoader()
        .LoadAssemblies(typeof(Program).Assembly)
        .Build();

    private static readonly IType[] Types =
    [
        .. House.Types.Where(type =>
            type.Namespace.FullName.StartsWith("AuthServer.", StringComparison.Ordinal)
        ),
    ];

    [Fact]
    public void A_folder_knows_only_the_folders_that_the_table_allows()
    {
        var allowed = Table.ToDictionary(row => row.Folder, row => row.MayKnow);

        var offences = (
            from type in Types
            let folder = FolderOf(type)
            from target in TargetsOf(type)
            let known = FolderOf(target)
            where known != folder && !allowed.GetValueOrDefault(folder, []).Contains(known)
            select $"{type.FullName} knows {target.FullName}"
        ).ToHashSet(StringComparer.Ordinal);

        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    [Fact]
    public void A_folder_may_know_only_folders_above_its_own_line()
    {
        var lines = Table.Select(row => row.Folder).ToList();

        var offences = Table.SelectMany(row =>
            row.MayKnow.Where(known => !lines.Take(lines.IndexOf(row.Folder)).Contains(known))
                .Select(known => $"{row.Folder} -> {known}")
        );

        Assert.Empty(offences);
    }

    [Fact]
    public void Every_folder_has_a_line_in_the_table()
    {
        var lines = Table.Select(row => row.Folder);

        Assert.Empty(
            Types.Select(FolderOf).Distinct(StringComparer.Ordinal).Except(lines, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void The_map_touches_only_the_doors_of_the_folders()
    {
        using var assembly = ModuleDefinition.ReadModule(typeof(Program).Assembly.Location);
        var program = assembly.GetType(nameof(Program));

        var touched =
            from type in program.NestedTypes.Prepend(program)
            from method in type.Methods
            from instruction in method.Body.Instructions
            from known in KnownBy(instruction.Operand)
            where known.Namespace.StartsWith("AuthServer.", StringComparison.Ordinal)
            select known.Name;

        Assert.Contains("EdgeModule", touched);
        Assert.All(touched, name => Assert.Matches("Module$|^CommandLine$|^OwnConfiguration$", name));
    }

    [Fact]
    public void Nothing_is_public_that_the_framework_does_not_force_to_be()
    {
        var types = typeof(Program).Assembly.GetTypes().Where(type => type.IsVisible && !IsGenerated(type));

        Assert.Equal([typeof(Program)], types);
    }

    [Fact]
    public void No_file_is_over_250_lines_and_half_of_them_are_under_60()
    {
        var sizes = Repository
            .ServerSources("*.cs")
            .Select(file =>
                (
                    file.Name,
                    Lines: File.ReadLines(file.FullName).Count(line => !string.IsNullOrWhiteSpace(line))
                )
            )
            .OrderBy(file => file.Lines)
            .ToList();

        Assert.All(sizes, file => Assert.True(file.Lines <= 250, file.Name));
        Assert.InRange(sizes[sizes.Count / 2].Lines, 1, 60);
    }

    [Fact]
    public void No_folder_is_a_bucket()
    {
        var folders = Repository.ServerSources("*.cs").Select(file => file.Directory!.Name);

        Assert.Empty(folders.Intersect(Buckets, StringComparer.OrdinalIgnoreCase));
    }

    // What the compiler makes of a lambda stands in the namespace of its class.
    private static string FolderOf(IType type) => type.Namespace.FullName.Split('.')[1];

    private static IEnumerable<IType> TargetsOf(IType type) =>
        type
            .Dependencies.Select(dependency => dependency.Target)
            // What the compiler makes may have no namespace at all.
            .Where(target =>
                target.Namespace?.FullName.StartsWith("AuthServer.", StringComparison.Ordinal) == true
            );

    private static IEnumerable<TypeReference> KnownBy(object operand) =>
        operand switch
        {
            GenericInstanceMethod method => method.GenericArguments.Prepend(method.DeclaringType),
            MethodReference method => [method.DeclaringType],
            _ => [],
        };

    private static bool IsGenerated(System.Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || type.Namespace?.EndsWith(".Migrations", StringComparison.Ordinal) == true;
}
