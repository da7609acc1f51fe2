using System.Globalization;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Every error of caches and the files in them, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class StorageErrors
{
    public const string FileMissingCode = "LEAT0071";

    public const string FileUnreadableCode = "LEAT0072";

    public static LeatException FileMissing(string path, string full, bool isOutput) => isOutput
        ? new("LEAT0070", $"A function's result names '{path}' as a file that it has made, but there is no file {full}. Write the file before the function returns, and give the path under which it was written.")
        : new(FileMissingCode, $"A function is given the file '{path}', but there is no file {full}. Check the path; one that is not absolute is one from the current directory.");

    public static LeatException FileUnreadable(string path, Exception cause) =>
        new(FileUnreadableCode, $"The file '{path}' can't be read, so its content can't be part of a key: {cause.Message} Check its path and its permissions.", cause);

    public static LeatException NewerCache(string path, int version, int known) =>
        new("LEAT0073", string.Create(CultureInfo.InvariantCulture, $"The cache in '{path}' has format {version}, and this Leat knows formats up to {known}. Use a newer Leat, or another directory."));

    public static LeatException NoCache(string path, string reason) =>
        new("LEAT0074", $"The directory '{path}' is not a cache of Leat's: {reason}. Give the path of another directory, which may be new.");

    public static LeatException ShortKey(int length) =>
        new("LEAT0075", string.Create(CultureInfo.InvariantCulture, $"The signing key of a cache has {length} bytes, and needs at least {CacheOptions.ShortestKey}. Make one with RandomNumberGenerator.GetBytes(32), and keep it where only those can read it whose results are to be trusted."));

    public static LeatException Unusable(string path, string what, Exception cause) =>
        new("LEAT0076", $"The cache in '{path}' is required, and {what}: {cause.Message} Make the directory usable, or leave Required out to go on without a cache.", cause);

    public static LeatException BadOption(string option, string value, string rule) =>
        new("LEAT0077", $"The option {option} of a cache is {value}, and must be {rule}.");

    public static LeatException ResultNotKept(string function, LeatException cause) =>
        new("LEAT0078", $"The result of '{function}' can't be kept in a cache: {cause.Message} Return data, or don't cache this function.", cause);

    public static LeatException CallsItself(string function) =>
        new("LEAT0079", $"The cached function '{function}' called itself with the same arguments, and would wait for its own result for ever. Look for the case in which the recursion ends.");

    public static LeatException ReadOnly(string path) =>
        new("LEAT0080", $"Nothing can be removed from the cache in '{path}', because it was opened read-only. Open it without ReadOnly.");

    public static LeatException NotCleared(string path, Exception cause) =>
        new("LEAT0081", $"Results can't be removed from the cache in '{path}': {cause.Message} Check the permissions of the directory.", cause);

    public static ArgumentException OtherArguments(string parameter, int expected, int given) =>
        new(Text("LEAT0082", string.Create(CultureInfo.InvariantCulture, $"The function takes {expected} arguments, and {given} are given. Leave out a CancellationToken at the end, which is in no key.")), parameter);

    public static ArgumentException OtherArgument(string parameter, int index, Type expected, object? given) =>
        new(Text("LEAT0083", string.Create(CultureInfo.InvariantCulture, $"Argument {index + 1} of the function is a {TypeTag.Describe(expected)}, and {(given is null ? "null" : "a " + TypeTag.Describe(given.GetType()))} is given.")), parameter);

    private static string Text(string code, string message) => $"{code}: {message}";
}
