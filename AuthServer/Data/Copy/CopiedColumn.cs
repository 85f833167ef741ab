using AuthServer.Data.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthServer.Data.Copy;

/// <summary>A column of the target, and how a value of the model is written in it.</summary>
internal sealed record CopiedColumn(
    string Property,
    Type Type,
    string Name,
    bool IsNumbered,
    RelationalTypeMapping Mapping
)
{
    public string Quoted => Quote(Name);

    public string StoreType => Mapping.StoreType;

    public static CopiedColumn Of(IProperty property) =>
        new(
            property.Name,
            property.ClrType,
            property.GetColumnName(),
            property.IsPrimaryKey()
                && property.ValueGenerated == ValueGenerated.OnAdd
                && (property.ClrType == typeof(int) || property.ClrType == typeof(long)),
            property.GetRelationalTypeMapping()
        );

    public static string Quote(string name) => $"\"{name}\"";

    public object? ToTarget(object? value) =>
        value switch
        {
            null => null,
            string text => SoundText.Mended(text),
            // PostgreSQL keeps the instant, and takes it in UTC only.
            DateTimeOffset time => time.ToUniversalTime(),
            _ => Mapping.Converter is { } converter ? converter.ConvertToProvider(value) : value,
        };
}
