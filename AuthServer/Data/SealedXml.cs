using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace AuthServer.Data;

/// <summary>Seals the Data Protection ring, so that a copy of the database forges no cookie.</summary>
internal sealed class SealedXmlEncryptor(MasterKey masterKey) : IXmlEncryptor
{
    internal const string Name = "data-protection";
    private const string Element = "sealed";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var bytes = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var element = new XElement(Element, Convert.ToBase64String(masterKey.Protect(bytes, Name)));
        return new EncryptedXmlInfo(element, typeof(SealedXmlDecryptor));
    }

    /// <summary>A row of the ring under the key that seals; null when all of it is already. A revocation holds no secret.</summary>
    public static string? Reseal(MasterKey masterKey, string row)
    {
        var xml = XElement.Parse(row);
        var changed = false;
        foreach (var element in xml.Descendants(Element))
        {
            if (masterKey.Reseal(Convert.FromBase64String(element.Value), Name) is { } resealed)
            {
                element.Value = Convert.ToBase64String(resealed);
                changed = true;
            }
        }

        return changed ? xml.ToString(SaveOptions.DisableFormatting) : null;
    }
}

/// <summary>Opens what <see cref="SealedXmlEncryptor"/> sealed; Data Protection makes it by name.</summary>
internal sealed class SealedXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    private readonly MasterKey _masterKey = services.GetRequiredService<MasterKey>();

    public XElement Decrypt(XElement encryptedElement)
    {
        var bytes = Convert.FromBase64String(encryptedElement.Value);
        return XElement.Parse(Encoding.UTF8.GetString(_masterKey.Unprotect(bytes, SealedXmlEncryptor.Name)));
    }
}
