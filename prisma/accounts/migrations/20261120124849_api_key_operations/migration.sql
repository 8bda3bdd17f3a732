-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "allowed_operations" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "cost_per_minute" INTEGER;

-- What the schema of Prisma cannot say.
ALTER TABLE "api_keys"
  ADD CONSTRAINT "api_keys_operations_hashed"
    CHECK (array_to_string(allowed_operations, ',', 'none') ~ '^([0-9a-f]{64}(,[0-9a-f]{64})*)?$'),
  ADD CONSTRAINT "api_keys_cost_positive" CHECK (cost_per_minute > 0);
