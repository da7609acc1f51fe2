using System.Globalization;

namespace Leat.Encoding;

/// <summary>Every error of the encoding, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class EncodingErrors
{
    public static EncodingException Damaged(long offset, string what) =>
        new("LEAT0031", string.Create(CultureInfo.InvariantCulture, $"The bytes are not those of a value: {what}, at byte {offset}. They are damaged, cut short, or of a value of another type."));

    public static EncodingException NoObject(long offset, Exception cause) =>
        new("LEAT0039", string.Create(CultureInfo.InvariantCulture, $"An object can't be made of the bytes up to byte {offset}: {cause.Message} They are damaged, or its codec has a fault."), cause);

    public static EncodingException NotEncodable(ValuePath path, string reason) =>
        new("LEAT0032", $"{path} can't be encoded: {reason}.") { Refusal = new Refusal(path, reason) };

    public static EncodingException Cycle(ValuePath path) =>
        new("LEAT0033", $"{path} leads back to an object that it is part of. Values are trees: leave the way back out, or make it a number or a name.")
        {
            Refusal = new Refusal(path, "it is part of itself; leave the way back out, or make it a number or a name"),
        };

    public static EncodingException TooLarge() =>
        new("LEAT0034", string.Create(CultureInfo.InvariantCulture, $"The value takes more than {Array.MaxLength:N0} bytes when encoded. Split it, or pass the name of a file that holds it."));

    public static EncodingException UnknownVersion(int version) =>
        new("LEAT0035", string.Create(CultureInfo.InvariantCulture, $"The bytes are in version {version} of the encoding, and this Leat knows version {BinaryEncoding.Version}. Use the same Leat on both sides."));

    public static EncodingException UnknownType(string tag, Type expected) =>
        new("LEAT0036", $"The bytes name the type '{tag}' where a {TypeTag.Describe(expected)} is expected, and no such type of this program is one. Both sides must run the same program.");

    public static EncodingException BadCodec(Type codec, Type type) =>
        new("LEAT0037", $"{TypeTag.Describe(codec)} is named as the codec of {TypeTag.Describe(type)}, but {(DataTypes.IsBasic(type) ? "numbers, bool, char and string have no other codec than Leat's" : "is no ICodec of it with a public constructor without parameters")}.");

    public static FormatException NoDigest(string? text) =>
        new(Text("LEAT0052", $"'{text}' is not a digest. A digest has 64 hexadecimal digits."));

    public static EnoughException Enough() => new();

    public static EncodingException TooDeep() =>
        new("LEAT0038", string.Create(CultureInfo.InvariantCulture, $"The value is nested more than {Nesting.Deepest:N0} levels deep, or a key of it more than {Nesting.DeepestKey:N0}. Put what is nested into a list."));

    private static string Text(string code, string message) => $"{code}: {message}";
}
