using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AuthServer.Data.Copy;

/// <summary>All tables of the model, each after those that its rows point to.</summary>
internal static class CopyPlan
{
    public static IReadOnlyList<CopiedTable> Of(IModel model)
    {
        var waiting = model.GetEntityTypes().OrderBy(type => type.Name, StringComparer.Ordinal).ToList();
        var ordered = new List<CopiedTable>(waiting.Count);
        while (waiting.Count > 0)
        {
            var ready = waiting.First(type =>
                type.GetForeignKeys().All(key => !waiting.Contains(key.PrincipalEntityType))
            );
            waiting.Remove(ready);
            ordered.Add(TableOf(ready));
        }

        return ordered;
    }

    // What does not stand in columns of a table of its own would be left behind without a word.
    private static CopiedTable TableOf(IEntityType type) =>
        type.IsOwned()
        || type.BaseType is not null
        || type.GetTableName() is null
        || type.GetComplexProperties().Any()
            ? throw new NotSupportedException($"'{type.Name}' cannot be copied yet.")
            : (CopiedTable)
                Activator.CreateInstance(typeof(CopiedTable<>).MakeGenericType(type.ClrType), type)!;
}
