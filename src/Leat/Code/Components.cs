using System.Buffers.Binary;
using System.Security.Cryptography;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>
/// Hashes units together with all that they use. Units that use each other in a circle are hashed as one: strongly
/// connected components, by Tarjan's algorithm (1972), with a stack of its own in place of recursion.
/// </summary>
internal static class Components
{
    /// <summary>Adds the fingerprints of a unit and of all that it uses.</summary>
    public static void Hash(UnitId root, Func<UnitId, CodeUnit> unitOf, Dictionary<UnitId, Digest> fingerprints)
    {
        Dictionary<UnitId, Visit> visits = [];
        Stack<Visit> path = [];
        Stack<Visit> open = [];
        Enter(root);
        while (path.TryPeek(out Visit? visit))
        {
            if (visit.Next < visit.Unit.Uses.Length)
            {
                UnitId used = visit.Unit.Uses[visit.Next++];
                if (fingerprints.ContainsKey(used)) continue;
                if (!visits.TryGetValue(used, out Visit? seen)) Enter(used);
                else visit.Lowest = Math.Min(visit.Lowest, seen.Number);
                continue;
            }
            path.Pop();
            if (path.TryPeek(out Visit? user)) user.Lowest = Math.Min(user.Lowest, visit.Lowest);
            if (visit.Lowest == visit.Number) Close(visit);
        }

        void Enter(UnitId id)
        {
            var visit = new Visit(unitOf(id), visits.Count);
            visits.Add(id, visit);
            path.Push(visit);
            open.Push(visit);
        }

        void Close(Visit first)
        {
            List<CodeUnit> component = [];
            Visit visit;
            do
            {
                visit = open.Pop();
                component.Add(visit.Unit);
            }
            while (visit != first);
            Hash(component, unitOf, fingerprints);
        }
    }

    private static void Hash(List<CodeUnit> component, Func<UnitId, CodeUnit> unitOf, Dictionary<UnitId, Digest> fingerprints)
    {
        component.Sort((one, other) => string.CompareOrdinal(one.Key, other.Key) is var order and not 0 ? order : one.Local.CompareTo(other.Local));
        Dictionary<UnitId, int> places = [];
        foreach (CodeUnit unit in component) places.Add(unit.Id, places.Count);

        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (CodeUnit unit in component) Append(whole, unit);
        Span<byte> hash = stackalloc byte[Digest.Size + sizeof(int)];
        whole.GetHashAndReset(hash);
        foreach (CodeUnit unit in component)
        {
            BinaryPrimitives.WriteInt32BigEndian(hash[Digest.Size..], places[unit.Id]);
            fingerprints[unit.Id] = Digest.Of(hash);
        }

        // In the order of names, because types and overrides are found in the order in which they were compiled.
        void Append(IncrementalHash into, CodeUnit unit)
        {
            Span<byte> bytes = stackalloc byte[1 + Digest.Size];
            bytes[0] = 0;
            unit.Local.CopyTo(bytes[1..]);
            into.AppendData(bytes);
            foreach (UnitId used in unit.Uses.OrderBy(each => unitOf(each).Key, StringComparer.Ordinal))
            {
                bytes.Clear();
                bool isInside = places.TryGetValue(used, out int place);
                bytes[0] = isInside ? (byte)1 : (byte)2;
                if (isInside) BinaryPrimitives.WriteInt32BigEndian(bytes[1..], place);
                else fingerprints[used].CopyTo(bytes[1..]);
                into.AppendData(bytes);
            }
        }
    }

    private sealed class Visit(CodeUnit unit, int number)
    {
        public CodeUnit Unit { get; } = unit;

        public int Number { get; } = number;

        public int Lowest { get; set; } = number;

        public int Next { get; set; }
    }
}
